import { expect, test } from 'vitest';
import { folderOf, isSlow, rerun, rewrite, transcripts, UPDATE } from './transcripts.ts';

const slow = transcripts.filter(isSlow);

// One after the other: each of these commands uses every processor.
test.each(slow.map((block) => [`${block.file}:${block.line}`, block] as const))('%s', async (name, block) => {
  const cwd = folderOf(block);
  if (cwd === undefined) {
    console.log(`${name} was not run: the shared data are not on this machine`);
    return;
  }
  const text = await rerun(block, cwd);
  if (UPDATE && text !== block.text) rewrite(block, text);
  else expect(block.text, 'run again with VOLPIT_UPDATE_DOCS=1').toBe(text);
});
