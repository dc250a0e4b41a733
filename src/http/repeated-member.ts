/** Finds objects with two members of one name, which JSON permits and parsers read differently (RFC 8259 §4). */

const lexeme = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}]/g

/** The first name that an object of the text has twice, at any depth; undefined when none has. The text must be valid JSON. */
export function repeatedMember (json: string): string | undefined {
  const objects: Set<string>[] = []
  for (const [text, quoted, colon] of json.matchAll(lexeme)) {
    if (text === '{') objects.push(new Set())
    else if (text === '}') objects.pop()
    else if (colon !== undefined) {
      const name = JSON.parse(quoted!) as string
      const names = objects.at(-1)!
      if (names.has(name)) return name
      names.add(name)
    }
  }
  return undefined
}
