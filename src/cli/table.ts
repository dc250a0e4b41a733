/** Text in columns. */

/** One line a row, every column as wide as its widest cell, two spaces apart. Widths count code points, which is right for all that a configuration usually has. */
export function table (rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, width(cell))
  }
  return rows.map(row => row.map((cell, column) => cell + ' '.repeat(widths[column]! - width(cell))).join('  ').trimEnd())
}

function width (text: string): number {
  return Array.from(text).length
}
