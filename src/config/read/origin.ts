/** Where a part of a text of the configuration came from: a variable or a file. */
export interface Origin {
  readonly kind: 'variable' | 'file'
  /** Name of the variable, or path of the file. */
  readonly name: string
  readonly text: string
}
