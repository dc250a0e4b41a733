/** Why an address cannot be listened on, in words. */

const whys: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something else listens there already',
  EACCES: 'this user may not use that address',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'the name cannot be resolved',
  ENOENT: 'the folder of the socket does not exist',
  ENAMETOOLONG: 'the path of the socket is too long'
}

/** The reason of an error of `listen`; undefined where it is another error. */
export function listenFailureOf (error: unknown): string | undefined {
  const { code = '', syscall } = error as NodeJS.ErrnoException
  return syscall === 'listen' || syscall === 'getaddrinfo' || syscall === 'chmod' ? whys[code] ?? code : undefined
}

/** A message about a listener that cannot be opened. */
export function listenProblem (error: unknown, name: string): string {
  return `cannot listen on ${name}: ${listenFailureOf(error) ?? (error as Error).message}`
}
