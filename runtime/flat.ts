/**
 * Copies a text of one character a byte: into one piece of memory of its own, where it was a part of a longer one that it would keep,
 * or the many that it was put together from.
 */
export function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}
