/** Formats Markdown for the generated pages. */

/** The longest line of wrapped prose. */
const width = 98

/** A code span or a word. A code span is never broken. */
const piece = /(?:`[^`]*`|\S)+/g

/** A word that would begin a list, a heading or a quotation at the start of a line. */
const marker = /^(?:[-+*>#|]|\d+[.)])$/

/** Breaks a paragraph into lines; every line but the first begins with `indent`. */
export function wrap (text: string, indent = ''): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.match(piece) ?? []) {
    if (line === '') line = word
    else if (line.length + 1 + word.length > width && !marker.test(word)) {
      lines.push(line)
      line = indent + word
    } else line += ` ${word}`
  }
  return [...lines, line].join('\n')
}

/** An item of a list. */
export function item (text: string): string {
  return wrap(`- ${text}`, '  ')
}
