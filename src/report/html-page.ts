import { createHash } from 'node:crypto';

/** Text for HTML and SVG, in elements and in quoted attributes. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}

const STYLE = `
:root { color-scheme: light dark; --ground: #ffffff; --ink: #1f2328; --soft: #59636e; --faint: #d1d9e0; --panel: #f6f8fa;
  --band: #b4dcbd; --inside: #1a7f37; --outside: #c4320a; --unknown: #6e7781; --data: #8250df;
  --one: #0969da; --two: #bc4c00; --three: #1a7f37; --four: #8250df; --five: #9a6700; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #0d1117; --ink: #e6edf3; --soft: #9198a1; --faint: #30363d; --panel: #151b23;
    --band: #1f4d2b; --inside: #3fb950; --outside: #ff7b52; --unknown: #8b949e; --data: #bc8cff;
    --one: #58a6ff; --two: #f0883e; --three: #3fb950; --four: #bc8cff; --five: #d29922; }
}
body { margin: 0 auto; max-width: 76rem; padding: 1rem; background: var(--ground); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0.5rem 0; } h2 { font-size: 1.15rem; margin: 2rem 0 0.5rem; } p { max-width: 60rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
.facts th:first-child { width: 44%; } .facts svg { display: block; }
th, td { text-align: left; padding: 0.3rem 0.6rem; border-bottom: 1px solid var(--faint); vertical-align: top; }
th { color: var(--soft); font-weight: 600; font-size: 0.85rem; } td.number, th.number { text-align: right; white-space: nowrap; }
.about, .source, figcaption, .soft { color: var(--soft); font-size: 0.85rem; }
.scroll { overflow-x: auto; }
.verdict { font-weight: 600; white-space: nowrap; } .inside { color: var(--inside); } .outside { color: var(--outside); }
.unknown { color: var(--unknown); } .data { color: var(--data); }
.counts span { margin-right: 1.5rem; font-size: 1.1rem; }
.figures { margin-top: 0.75rem; display: grid; grid-template-columns: repeat(auto-fit, minmax(26rem, 1fr)); gap: 1rem; }
figure { margin: 0; padding: 0.75rem; background: var(--panel); border: 1px solid var(--faint); border-radius: 6px; min-width: 0; }
figure h3 { font-size: 1rem; margin: 0 0 0.5rem; } figure > svg { width: 100%; height: auto; }
svg text { font: 11px system-ui, sans-serif; fill: var(--soft); } details { margin-top: 0.5rem; font-size: 0.85rem; }
svg path { fill: none; } .axis { stroke: var(--faint); stroke-width: 1; } .zero { stroke: var(--soft); stroke-width: 1; }
.band { fill: var(--band); } .bar { fill: var(--one); opacity: 0.45; }
.line { stroke-width: 1.8; } .whisker { stroke-width: 1.3; } .dashed { stroke-dasharray: 5 4; }
.s1 { stroke: var(--one); } .s2 { stroke: var(--two); } .s3 { stroke: var(--three); } .s4 { stroke: var(--four); } .s5 { stroke: var(--five); }
.d1 { fill: var(--one); } .d2 { fill: var(--two); } .d3 { fill: var(--three); } .d4 { fill: var(--four); } .d5 { fill: var(--five); }
.sdata { stroke: var(--data); } .ddata { fill: var(--data); }
.stroke-inside { stroke: var(--inside); } .stroke-outside { stroke: var(--outside); } .fill-inside { fill: var(--inside); } .fill-outside { fill: var(--outside); }
@media print { body { max-width: none; } figure, tr { break-inside: avoid; } }
`;

/**
 * A page in one file that reads no other: no script, no address, no style attribute. Its policy forbids everything but its own style sheet, by
 * the hash of it. Light or dark as the reader's system is.
 * @param body HTML, escaped by its maker.
 */
export function htmlPage(title: string, body: string): string {
  const hash = createHash('sha256').update(STYLE).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    `<body>${body}</body>`,
    '</html>',
    '',
  ].join('\n');
}
