/** Rewords the syntax errors of the YAML parser for users. */

import { exceededDepth, kindOfSyntaxError, type SyntaxErrorKind } from '../../internals/js-yaml-errors.ts'

/** The description of a YAML syntax error. */
export interface SyntaxComplaint { readonly message: string, readonly hint?: string }

const wordings: Readonly<Record<SyntaxErrorKind, SyntaxComplaint>> = {
  tab: { message: 'a tab is used for indentation', hint: 'YAML allows only spaces there' },
  'control-character': { message: 'the file contains a control character' },
  'null-byte': { message: 'the file contains a null byte', hint: 'is it a text file?' },
  'mapping-indentation': { message: 'this does not belong here', hint: 'check the indentation' },
  'sequence-indentation': { message: 'this does not belong here', hint: 'check the indentation of the list' },
  colon: { message: 'expected ":" after the key' },
  'too-little-indentation': { message: 'this line is not indented enough', hint: 'is a bracket, brace or quote above it not closed?' },
  comma: { message: 'expected "," or the closing bracket' },
  'double-quote': { message: 'the text is not closed', hint: 'a " is missing' },
  'single-quote': { message: 'the text is not closed', hint: 'a \' is missing' },
  'flow-end': { message: 'the list or mapping is not closed', hint: 'a ] or } is missing' }
}

/** Kinds for which quotes are the remedy: the parser met something that it could not place. */
const unplaced: ReadonlySet<SyntaxErrorKind> = new Set<SyntaxErrorKind>(['mapping-indentation', 'sequence-indentation', 'comma', 'colon'])

/** Describes a syntax error. `reason` is the message of the parser, `line` and `column` are the place of the error. */
export function explainSyntax (reason: string, line: string, column: number): SyntaxComplaint {
  const depth = exceededDepth(reason)
  if (depth !== undefined) return { message: `nested deeper than ${depth} levels` }
  const kind = kindOfSyntaxError(reason)
  if (kind === undefined) return { message: `not valid YAML: ${reason}` }
  const bracket = kind === 'comma' ? missingBracket[line[column - 1] ?? ''] : undefined
  if (bracket !== undefined) return bracket
  const quoting = unplaced.has(kind) ? quotingHint(line) : undefined
  return quoting === undefined ? wordings[kind] : { message: wordings[kind].message, hint: quoting }
}

/** What is not closed where a closing bracket of the other kind stands. */
const missingBracket: Readonly<Record<string, SyntaxComplaint>> = {
  '}': { message: 'the list is not closed', hint: 'a ] is missing before this }' },
  ']': { message: 'the mapping is not closed', hint: 'a } is missing before this ]' }
}

function quotingHint (line: string): string | undefined {
  const text = line.replaceAll(/"[^"]*"|'[^']*'/g, '')
  if (/:\s+[@`%]/.test(text)) return 'put a value that starts with @, ` or % in quotes'
  // Inside { } there are several colons anyway.
  if (!/[[{]/.test(text) && /:\s.*:(\s|$)/.test(text)) return 'put a value that contains ": " in quotes'
  return undefined
}
