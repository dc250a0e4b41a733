/** A view of the console, opened in a browser. */

import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { barriersOf, openPage, type Opened } from '../helpers/browser.ts'

export interface OpenedView extends Opened {
  /** Fails where the page complained, asked for something from elsewhere, keeps people out, or is too wide, in any size and colours. */
  readonly isSound: () => Promise<void>
}

/** What is used of an element of the browser. */
interface TableElement {
  readonly rows: Iterable<{ readonly cells: Iterable<{ readonly innerText: string }> }>
}

const sizes = [{ width: 1440, height: 900 }, { width: 360, height: 800 }]

/**
 * Opens the view at `#/…` of the console of an admin listener.
 * @param expected complaints that belong to what the test does, such as the status of a response that it provokes
 */
export async function openView (t: TestContext, admin: string, place: string, expected?: RegExp): Promise<OpenedView> {
  const opened = await openPage(t, `${admin}/#/${place}`, { viewport: sizes[0]! })
  const { page, complaints, requested } = opened
  const isSound = async (): Promise<void> => {
    for (const size of sizes) {
      await page.setViewportSize(size)
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), size.width)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        assert.deepEqual(await barriersOf(page), [], `${colorScheme}, ${size.width} wide`)
      }
    }
    assert.deepEqual(complaints.filter(complaint => expected?.test(complaint) !== true), [])
    assert.deepEqual(requested.filter(url => !url.startsWith(`${admin}/`)), [])
  }
  return { ...opened, isSound }
}

/** The texts of the cells of a table, row by row, by the titles of their columns. */
export async function rowsOf (page: Opened['page'], caption: string): Promise<Record<string, string>[]> {
  const [head = [], ...body] = await page.getByRole('table', { name: caption }).evaluate(table => {
    return [...(table as unknown as TableElement).rows].map(({ cells }) => [...cells].map(({ innerText }) => innerText.trim()))
  })
  const titles = head.map(title => title.replace(/\s*[▲▼]$/, ''))
  return body.map(row => Object.fromEntries(row.map((text, index) => [titles[index]!, text])))
}
