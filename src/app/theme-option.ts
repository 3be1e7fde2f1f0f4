import type { OptionSpec } from './command.ts';
import { THEME_NAMES, type ThemeName } from './dashboard/theme.ts';
import { choiceOption } from './options.ts';

/** `--theme <name>` */
export function themeOption(): OptionSpec<ThemeName> {
  return choiceOption('--theme <name>', 'colours of the dashboard', THEME_NAMES, 'dark');
}
