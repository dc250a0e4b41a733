/** Tables for eyes, which are Markdown too. */

/** The first column to the left, all others to the right. */
export function table (head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map(row => row[column]!.length)))
  const line = (cells: readonly string[]): string => `| ${cells.map((cell, column) =>
    column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)).join(' | ')} |`
  return [
    line(head),
    line(widths.map((width, column) => column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)),
    ...rows.map(line)
  ].join('\n')
}
