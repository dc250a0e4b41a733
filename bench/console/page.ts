/** The page of the console in Chromium: how soon it shows figures, and whether its memory grows. */

import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { median } from '../statistics.ts'
import { table } from '../table.ts'

/** Resolves when the overview shows figures; a dash stands for one that is not there yet. Looks at each frame, as a locator does not. */
async function figures (page: Page): Promise<void> {
  await page.evaluate(`new Promise(resolve => {
    const shown = () => document.querySelector('.tiles .value')?.textContent
    const look = () => ['–', undefined].includes(shown()) ? requestAnimationFrame(look) : resolve()
    look()
  })`)
}

/**
 * Milliseconds from the navigation until the overview has its first figure, with nothing in the cache: the first time, when the gateway
 * only begins to collect figures, and the median of later ones.
 */
export async function firstView (browser: Browser, admin: string, times = 5): Promise<string> {
  const taken: number[] = []
  // A browser that has just started needs longer for its first page, whichever that is.
  await (await browser.newPage()).goto('about:blank')
  for (let time = 0; time <= times; time++) {
    const page = await browser.newPage()
    const began = performance.now()
    await page.goto(`${admin}/`, { waitUntil: 'commit' })
    await figures(page)
    taken.push(performance.now() - began)
    await page.context().close()
  }
  const [first = NaN, ...later] = taken
  return `first figures after ${Math.round(first)} ms where nobody has watched before, later after ${Math.round(median(later))} ms`
}

/** How long a page is given until its memory is measured for the first time, in milliseconds: until caches and code are there. */
const settle = 30_000

/** Each view in a page of its own: its heap after a collection, and again some minutes later. */
export async function memoryOfViews (browser: Browser, admin: string, minutes: number): Promise<string> {
  const names = await viewsOf(browser, admin)
  const pages = await Promise.all(names.map(async name => {
    const page = await browser.newPage()
    await page.goto(`${admin}/#/${name}`)
    return { name, heap: await heapOf(page) }
  }))
  await sleep(settle)
  const measure = async (): Promise<number[]> => await Promise.all(pages.map(async ({ heap }) => await heap()))
  const before = await measure()
  await sleep(minutes * 60_000)
  const after = await measure()
  const mega = (bytes: number): string => (bytes / 1e6).toFixed(2)
  return table(
    ['view', 'MB', `MB after ${minutes} min`, '%'],
    names.map((name, at) => [name, mega(before[at]!), mega(after[at]!), ((after[at]! / before[at]! - 1) * 100).toFixed(1)])
  )
}

async function viewsOf (browser: Browser, admin: string): Promise<string[]> {
  const page = await browser.newPage()
  await page.goto(`${admin}/`)
  await figures(page)
  const links = await Promise.all((await page.locator('nav a').all()).map(async link => await link.getAttribute('href')))
  await page.context().close()
  return links.map(link => link!.replace('#/', ''))
}

async function heapOf (page: Page): Promise<() => Promise<number>> {
  const session: CDPSession = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  return async () => {
    for (let time = 0; time < 3; time++) await session.send('HeapProfiler.collectGarbage')
    const { metrics } = await session.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'JSHeapUsedSize')!.value
  }
}
