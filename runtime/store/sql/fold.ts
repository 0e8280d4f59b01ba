/** What a text is searched by, the same in every engine: without regard for case and width, and without what no engine takes. */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll('\0', '')
}
