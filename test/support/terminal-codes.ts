const ESC = String.fromCharCode(27);

/** A sequence that sets a colour, of the text or behind it, in any palette. */
export const COLOUR = new RegExp(`${ESC}\\[(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m`);
/** Any control character but the line feed. */
export const CONTROL = /(?!\n)\p{Cc}/u;
