/** `npm run chaos -- --seed 1 --seconds 20 --seeds 10`: storms one after the other; status 1 when a promise was broken. */

import { parseArgs } from 'node:util'
import { runStorm } from './storm.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
    seeds: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '24' },
    threads: { type: 'string', default: '1' },
    redis: { type: 'boolean', default: true }
  },
  allowNegative: true
})

for (let seed = Number(values.seed); seed < Number(values.seed) + Number(values.seeds); seed++) {
  const { figures, broken } = await runStorm({
    seed,
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
    redis: values.redis,
    connections: Number(values.connections),
    threads: Number(values.threads)
  })
  console.log(`seed ${seed}: ${broken.length === 0 ? 'every promise held' : `BROKEN ${broken.length}`}; ${figures}`)
  for (const line of broken) console.log(`  ${line}`)
  if (broken.length > 0) {
    const { seconds, rounds, connections, threads, redis } = values
    const options = `--seed ${seed} --seconds ${seconds} --rounds ${rounds} --connections ${connections} --threads ${threads}`
    console.log(`  again: npm run chaos -- ${options}${redis ? '' : ' --no-redis'}`)
    process.exitCode = 1
  }
}
