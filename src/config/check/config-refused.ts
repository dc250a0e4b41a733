/** The error of a configuration that cannot be used. */

import type { SeenFiles } from '../read/text-file.ts'
import { ConfigError, type Problem } from './problem.ts'

/** Thrown for a configuration that cannot be used: has its problems, the text that they refer to, and the files to watch. */
export class ConfigRefused extends ConfigError {
  override readonly name = 'ConfigRefused'
  readonly files: SeenFiles
  readonly source: (file: string) => string | undefined

  constructor (problems: readonly Problem[], files: SeenFiles, source: (file: string) => string | undefined, options?: ErrorOptions) {
    super(problems, options)
    this.files = files
    this.source = source
  }
}
