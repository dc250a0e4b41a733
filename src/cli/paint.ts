/** Colours of terminal output. */

import type { Io, Output } from './io.ts'

/** Functions that add a colour or style to a text. Without colours they return it unchanged. */
export type Paint = Readonly<Record<'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan', (text: string) => string>>

const style = (on: number, off: number) => (text: string): string => `\u001B[${on}m${text}\u001B[${off}m`
const colored: Paint = {
  bold: style(1, 22),
  dim: style(2, 22),
  red: style(31, 39),
  green: style(32, 39),
  yellow: style(33, 39),
  cyan: style(36, 39)
}
const asIs = (text: string): string => text
const plain: Paint = { bold: asIs, dim: asIs, red: asIs, green: asIs, yellow: asIs, cyan: asIs }

/** Whether an output has colours: on a terminal, unless NO_COLOR is set (https://no-color.org). */
export function isColored (output: Output, { env }: Pick<Io, 'env'>): boolean {
  return output.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
}

/** Returns the colours of an output. */
export function paintOf (output: Output, io: Pick<Io, 'env'>): Paint {
  return isColored(output, io) ? colored : plain
}
