/** What a target can do wrong, and which requests that may cost. */

/** How a target process behaves to requests. */
export type Mode =
  | 'well' | 'slow' | 'reset' | 'close' | 'hang' | 'garbage' | 'busy' | 'early' | 'deaf' | 'cut' | 'bad-chunk' | 'stall'
  | 'extra'

export interface Fault {
  readonly name: string
  /** What is done: the process is told to behave so, or gets a signal. */
  readonly does: Mode | 'die' | 'freeze'
  /**
   * When a request that may be repeated can be lost: `never`, since another target serves it; when the fault sets `on`
   * a response under way; or `always`, since the response breaks after its head.
   */
  readonly costs: 'never' | 'onset' | 'always'
}

export const faults: readonly Fault[] = [
  { name: 'dies', does: 'die', costs: 'onset' },
  { name: 'freezes', does: 'freeze', costs: 'onset' },
  { name: 'accepts no connection', does: 'deaf', costs: 'never' },
  { name: 'is slow', does: 'slow', costs: 'never' },
  { name: 'resets', does: 'reset', costs: 'never' },
  { name: 'closes', does: 'close', costs: 'never' },
  { name: 'hangs', does: 'hang', costs: 'never' },
  { name: 'answers garbage', does: 'garbage', costs: 'never' },
  { name: 'is busy', does: 'busy', costs: 'never' },
  { name: 'answers early', does: 'early', costs: 'never' },
  { name: 'cuts bodies', does: 'cut', costs: 'always' },
  { name: 'breaks chunks', does: 'bad-chunk', costs: 'always' },
  { name: 'stalls in bodies', does: 'stall', costs: 'always' },
  { name: 'answers twice', does: 'extra', costs: 'always' }
]
