/** A policy: a plugin that the file lists under a name. */

/** What a policy gets beside its own options when it is registered. */
export interface PolicyOptions {
  /** Name under which the file lists it: the identity of its state. */
  readonly policy: string
}
