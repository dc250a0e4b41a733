/** Says what is wrong with text that is not YAML, in the words of the person who wrote it. */

/** The complaint about a YAML syntax error. */
export interface SyntaxComplaint { readonly message: string, readonly hint?: string }

const wordings: Record<string, SyntaxComplaint> = {
  'tab characters must not be used in indentation': { message: 'a tab is used for indentation', hint: 'YAML allows only spaces there' },
  'the stream contains non-printable characters': { message: 'the file contains a control character' },
  'null byte is not allowed in input': { message: 'the file contains a null byte', hint: 'is it a text file?' },
  'bad indentation of a mapping entry': { message: 'this does not belong here', hint: 'check the indentation' },
  'bad indentation of a sequence entry': { message: 'this does not belong here', hint: 'check the indentation of the list' },
  'expected \':\' after a mapping key': { message: 'expected ":" after the key' },
  'deficient indentation': { message: 'this line is not indented enough', hint: 'is a bracket, brace or quote above it not closed?' },
  'missed comma between flow collection entries': { message: 'expected "," or the closing bracket' },
  'unexpected end of the stream within a double quoted scalar': { message: 'the text is not closed', hint: 'a " is missing' },
  'unexpected end of the stream within a single quoted scalar': { message: 'the text is not closed', hint: 'a \' is missing' },
  'unexpected end of the stream within a flow collection': { message: 'the list or mapping is not closed', hint: 'a ] or } is missing' }
}

/** The complaint for `reason`, the parser's own words, and `line`, the source line that it stumbled over. */
export function explainSyntax (reason: string, line: string): SyntaxComplaint {
  const depth = /^nesting exceeded maxDepth \((\d+)\)/.exec(reason)
  if (depth) return { message: `nested deeper than ${depth[1]} levels` }
  const known = wordings[reason]
  const quoting = quotingHint(line)
  // Quoting is the answer only where the parser met something it could not place.
  const unplaced = reason.startsWith('bad indentation') || reason.startsWith('missed comma') || reason.startsWith('expected \':\'')
  if (unplaced && quoting) return { message: known?.message ?? reason, hint: quoting }
  return known ?? { message: `not valid YAML: ${reason}` }
}

function quotingHint (line: string): string | undefined {
  const text = line.replaceAll(/"[^"]*"|'[^']*'/g, '')
  if (/[[{].*\$\{/.test(text)) return 'put "${…}" in quotes inside { } and [ ]'
  if (/:\s+[@`%]/.test(text)) return 'put a value that starts with @, ` or % in quotes'
  if (/:\s.*:(\s|$)/.test(text)) return 'put a value that contains ": " in quotes'
  return undefined
}
