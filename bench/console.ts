/**
 * What the console costs: `npm run bench:console -- [--rounds 5] [--seconds 20] [--minutes 10] [--rate 500] [--only cpu]`.
 *
 * `cpu`: processor time of the gateway without and with viewers. `first`: time until the first figures. `memory`: of the page, at first and
 * after some minutes. `size`: bytes of all that a browser loads. The gateway has a thousand routes and two hundred targets.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { consoleAssets } from '../plugins/core/console/assets.ts'
import { executablePath } from '../test/helpers/browser.ts'
import { openDoor, routes, sendSteadily, startService, targets, type Door, type Endings } from './console/gateway.ts'
import { firstView, memoryOfViews } from './console/page.ts'
import { processorTime } from './console/processor-time.ts'

const { values } = parseArgs({ options: {
  rounds: { type: 'string', default: '5' },
  seconds: { type: 'string', default: '20' },
  minutes: { type: 'string', default: '10' },
  rate: { type: 'string', default: '500' },
  only: { type: 'string', default: 'size,first,cpu,memory' }
} })
const [rounds, seconds, minutes, rate] = [Number(values.rounds), Number(values.seconds), Number(values.minutes), Number(values.rate)]

/** How long a gateway has worked before a browser opens it, in milliseconds. */
const warmUp = 3000

const parts: Readonly<Record<string, () => Promise<string>>> = {
  size: async () => `${await sizeOfAll()} bytes of gzip in all`,
  first: async () => await inBrowser(async (browser, { admin }) => await firstView(browser, admin)),
  cpu: async () => await processorTime({ rounds, seconds, rate }, together),
  memory: async () => await inBrowser(async (browser, { admin }) => await memoryOfViews(browser, admin, minutes))
}

console.log(`${routes} routes, ${targets} targets\n`)
for (const name of values.only.split(',')) {
  const measure = parts[name]
  if (measure === undefined) throw new TypeError(`--only takes ${Object.keys(parts).join(', ')}`)
  console.log(`${name}\n\n${await measure()}\n`)
}

/** Ends what was begun, whatever happens. */
async function together<T> (run: (endings: Endings) => Promise<T>): Promise<T> {
  const ends: (() => unknown)[] = []
  try {
    return await run({ add: end => { ends.unshift(end) } })
  } finally {
    for (const end of ends) await end()
  }
}

/** With a gateway under load. */
async function inBrowser (measure: (browser: Awaited<ReturnType<typeof chromium.launch>>, door: Door) => Promise<string>): Promise<string> {
  if (executablePath === undefined) return 'no Chromium is installed: set CHROMIUM'
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  return await together(async endings => {
    endings.add(async () => await browser.close())
    const door = await openDoor(endings, await startService(endings))
    sendSteadily(endings, door.port, rate)
    await sleep(warmUp)
    return await measure(browser, door)
  })
}

/** Of each file as the admin listener sends it. */
async function sizeOfAll (): Promise<number> {
  const { files } = await consoleAssets()
  const sizes = await Promise.all([...files.values()].map(async ({ encoded }) => (await encoded('gzip')).length))
  return sizes.reduce((sum, bytes) => sum + bytes, 0)
}
