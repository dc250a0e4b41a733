/**
 * What js-yaml says of a text that is not YAML.
 *
 * Relies on: the reason of an error is one of the texts below. js-yaml documents that there is a reason, and not its
 * words.
 * Checked with js-yaml 5.5.0.
 * Without it: the problem is shown in the words of js-yaml, without a hint.
 */

/** A kind of syntax error that the gateway has words of its own for. */
export type SyntaxErrorKind =
  'tab' | 'control-character' | 'null-byte' | 'mapping-indentation' | 'sequence-indentation' | 'colon' | 'too-little-indentation' |
  'comma' | 'double-quote' | 'single-quote' | 'flow-end'

const kinds: Readonly<Record<string, SyntaxErrorKind>> = {
  'tab characters must not be used in indentation': 'tab',
  'the stream contains non-printable characters': 'control-character',
  'null byte is not allowed in input': 'null-byte',
  'bad indentation of a mapping entry': 'mapping-indentation',
  'bad indentation of a sequence entry': 'sequence-indentation',
  'expected \':\' after a mapping key': 'colon',
  'deficient indentation': 'too-little-indentation',
  'missed comma between flow collection entries': 'comma',
  'unexpected end of the stream within a double quoted scalar': 'double-quote',
  'unexpected end of the stream within a single quoted scalar': 'single-quote',
  'unexpected end of the stream within a flow collection': 'flow-end'
}

/** The kind of an error with this reason; undefined for one that is not known. */
export function kindOfSyntaxError (reason: string): SyntaxErrorKind | undefined {
  return kinds[reason]
}

/** The depth beyond which js-yaml did not go on; undefined for another reason. */
export function exceededDepth (reason: string): string | undefined {
  return /^nesting exceeded maxDepth \((\d+)\)/.exec(reason)?.[1]
}
