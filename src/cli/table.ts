/** Formats text in columns. */

/**
 * Returns one line for each row. A column is as wide as its widest cell, and columns are two spaces apart. Widths are counted in code
 * points, so wide characters are not aligned.
 */
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
