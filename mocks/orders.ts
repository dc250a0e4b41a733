/** The stand-in order service: `node mocks/orders.ts`, or `orders()` in this process. */

import { created, json, problem } from './answer.ts'
import { run } from './run.ts'
import { startService, type MockService, type ServiceOptions } from './service.ts'

const book = [
  { id: '1', user: '1', item: 'analytical engine', quantity: 1 },
  { id: '2', user: '2', item: 'nanosecond of wire', quantity: 100 },
  { id: '3', user: '3', item: 'spanning tree', quantity: 7 }
]

/** Starts it: `GET /orders/:id`, `POST /orders` and what every stand-in has. */
export async function orders (options: Partial<ServiceOptions> = {}): Promise<MockService> {
  let last = book.length
  return await startService({
    name: 'orders',
    ...options,
    routes: {
      'GET /orders/:id': ({ params }) => {
        const order = book.find(({ id }) => id === params.id)
        return order === undefined ? problem(404, 'no such order') : json(200, order)
      },
      // Sent but not kept, like a user: a stand-in has the same data after every restart.
      'POST /orders': ({ body }) => created(body, String(++last))
    }
  })
}

if (import.meta.main) await run(orders, { name: 'orders', port: 9003 })
