/** The origin of a part of a text in the configuration: a variable or a file. */
export interface Origin {
  readonly kind: 'variable' | 'file'
  /** The name of the variable, or the path of the file. */
  readonly name: string
  readonly text: string
}
