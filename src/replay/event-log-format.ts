/**
 * The numbers of the file `events.bin`; docs/event-log.md describes it byte by byte. All integers are little endian.
 *
 * After the header come blocks, each to be read without the others: a head of CRC-32 of all behind it, length of the payload in
 * bytes, and number of records (unsigned 32 bits each), then the payload.
 */

/** A byte above 127, the name, and line ends of both kinds: a file that was sent as text no longer begins so. */
export const MAGIC: readonly number[] = [0x89, 0x56, 0x4c, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
export const FORMAT_VERSION = 1;
/** Magic, then the version in 32 bits. */
export const HEADER_BYTES = 12;
export const BLOCK_HEAD_BYTES = 12;
/** A writer closes a block before its payload would be longer; a reader refuses one that is. */
export const PAYLOAD_BYTES_MAXIMUM = 65_536;
/** Most that one record can take: a byte that says which numbers differ, and ten for each of the eight. */
export const RECORD_BYTES_MAXIMUM = 81;
