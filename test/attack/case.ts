/** What an attack is, as data: bytes from a client, answers of an upstream, and what may come of it. */

/** What the upstream does with the request of the attack; it responds to other requests with 200. */
export interface Script {
  /** What it has to see before it says anything: the whole request (unless set), the head of it, or nothing. */
  readonly on?: 'connect' | 'head' | 'request'
  readonly bytes: string
  /** Said again and again until the connection is closed. */
  readonly endless?: string
  /** What it does then: nothing (unless set), end the connection, or reset it. */
  readonly then?: 'end' | 'reset'
}

/** What the one request that reached the upstream must look like. */
export interface Seen {
  readonly method?: string
  readonly target?: string
  readonly body?: string
  /** Fields with these values, all lines of them. */
  readonly fields?: Readonly<Record<string, readonly string[]>>
  /** Names that must not be there, in lower case. */
  readonly without?: readonly string[]
}

export interface Attack {
  readonly name: string
  /** Where it is from: a section of an RFC, an advisory, the idea of a public corpus. */
  readonly source: string
  /** What the client sends, latin1. The second and later parts are sent when the client has been told the text that stands before them. */
  readonly send: string | readonly [first: string, ...rest: readonly { readonly after: string, readonly send: string }[]]
  /** What the client does when it has sent everything; it reads on unless set. */
  readonly leave?: 'end' | 'reset'
  readonly upstream?: Script
  /** Statuses that the client may get, for each answer in order. Empty: the connection is closed without one. */
  readonly client: readonly (readonly number[])[]
  /** The last response is cut, and the client sees that it is; or it depends on how far it came. */
  readonly cut?: boolean | 'maybe'
  /** What reaches the upstream: nothing at all, a request that is never completed, or so many whole ones. */
  readonly reaches: 'nothing' | 'part' | number
  readonly seen?: Seen
  /** What must not be in the bytes that the client gets. */
  readonly hidden?: RegExp
  /** What must be in the bytes that the client gets. */
  readonly shown?: RegExp
  /** Makes sense for any proxy in front of one service. */
  readonly open?: boolean
  /** No proxy may pass it on, not even put right. */
  readonly must?: boolean
}

/** Attacks of one subject. */
export interface Theme {
  readonly name: string
  readonly attacks: readonly Attack[]
}
