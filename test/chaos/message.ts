/** What requests and responses of the load say, so that each shows to whom it belongs. */

/** First line of a response: whose it is, and what the target got. */
export function summaryOf (token: string, length: number, sum: number): string {
  return `${token} ${length} ${sum}`
}

/** `size` characters that no other request's response has. */
export function fillerOf (token: string, size: number): string {
  return token.repeat(Math.ceil(size / token.length)).slice(0, size)
}
