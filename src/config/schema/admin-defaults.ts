/** Where the admin listener is unless the file says otherwise. */
export const adminDefaults = { enabled: true, host: '127.0.0.1', port: 9901 } as const
