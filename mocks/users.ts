/** The stand-in user service: `node mocks/users.ts`, or `users()` in this process. */

import { created, json, problem } from './answer.ts'
import { run } from './run.ts'
import { startService, type MockService, type ServiceOptions } from './service.ts'

const people = [
  { id: '1', name: 'Ada Lovelace', email: 'ada@example.com' },
  { id: '2', name: 'Grace Hopper', email: 'grace@example.com' },
  { id: '3', name: 'Radia Perlman', email: 'radia@example.com' }
]

/** Starts it: `GET /users`, `GET /users/:id`, `POST /users` and what every stand-in has. */
export async function users (options: Partial<ServiceOptions> = {}): Promise<MockService> {
  let last = people.length
  return await startService({
    name: 'users',
    ...options,
    routes: {
      'GET /users': () => json(200, people),
      'GET /users/:id': ({ params }) => {
        const person = people.find(({ id }) => id === params.id)
        return person === undefined ? problem(404, 'no such user') : json(200, person)
      },
      // Sent but not kept: two targets that remember different users would make balancing look like data loss.
      'POST /users': ({ body }) => created(body, String(++last))
    }
  })
}

if (import.meta.main) await run(users, { name: 'users', port: 9001 })
