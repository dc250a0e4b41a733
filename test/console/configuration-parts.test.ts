/** What the view of the configuration says and leaves out. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configurationWords as words, yamlFilter } from './client.ts'

const yaml = `server:
  port: 8080
  limits:
    url: 8kib
    body: 10mib
upstreams:
  users:
    targets:
      - url: http://a
        weight: 2
      - url: http://b
        weight: 1
    note: |
      about weight

      and age
`

const fitting = (word: string): string => yamlFilter.linesThatFit(yaml, line => line.includes(word)).join('\n')

test('lines that fit stand with what they belong to and what belongs to them', () => {
  assert.equal(fitting('limits'), 'server:\n  limits:\n    url: 8kib\n    body: 10mib')
  assert.equal(fitting('body'), 'server:\n  limits:\n    body: 10mib')
  assert.equal(fitting('//b'), 'upstreams:\n  users:\n    targets:\n      - url: http://b\n        weight: 1')
  assert.equal(fitting('weight: 1'), 'upstreams:\n  users:\n    targets:\n      - url: http://b\n        weight: 1')
  assert.equal(fitting('note'), 'upstreams:\n  users:\n    note: |\n      about weight\n\n      and age')
  assert.equal(fitting('and age'), 'upstreams:\n  users:\n    note: |\n      and age')
  assert.equal(fitting('nothing'), '')
})

test('a reload says in words what it was for', () => {
  assert.equal(words.triggerOf({ trigger: 'file' }), 'the file changed')
  assert.equal(words.triggerOf({ trigger: 'restore', restores: 3 }), 'restored configuration 3')
  assert.equal(words.triggerOf({ trigger: 'a word of a plugin' }), 'a word of a plugin')
})

test('a warning has its place apart, if it has one', () => {
  assert.deepEqual(words.warningOf('/etc/my gateway.yaml:3:1  warning: upstream "a" is used by no route'), {
    place: '/etc/my gateway.yaml:3:1', text: 'upstream "a" is used by no route'
  })
  assert.deepEqual(words.warningOf('warning: from a plugin'), { text: 'from a plugin' })
})

test('a configuration is compared with the one that served before, refused ones between them left out', () => {
  const records = [{ number: 5, generation: 3 }, { number: 4 }, { number: 3, generation: 2 }]
  assert.equal(words.before(records, records[0]!), records[2])
  assert.equal(words.before(records, records[1]!), undefined)
  assert.equal(words.before(records, records[2]!), undefined)
  assert.deepEqual(words.comparable(records, 5), [records[2]])
})
