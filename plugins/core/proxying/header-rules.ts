/** `requestHeaders` and `responseHeaders` of a route. */

import Type, { type Static } from '#typebox'

/** What may be done to header fields. */
export const HeaderRulesSchema = Type.Object({
  set: Type.Optional(Type.Record(Type.String(), Type.String(), {
    description: 'Replaces the field. `${params.id}`, `${claims.sub}`, `${header.x}`, `${query.x}`, `${request.id}`, `${client.ip}` ' +
      'are filled in; where one is absent the field is left out.'
  })),
  add: Type.Optional(Type.Record(Type.String(), Type.String(), {
    description: 'Adds the field beside what is there. Templates as in `set`.'
  })),
  remove: Type.Optional(Type.Array(Type.String(), { description: 'Takes the fields out.' }))
}, { additionalProperties: false, description: 'Changes header fields.' })

/** The rules of one direction. */
export type HeaderRules = Static<typeof HeaderRulesSchema>

/** `requestQuery`: the same for the parameters of the query. */
export const QueryRulesSchema = Type.Object({
  set: Type.Optional(Type.Record(
    Type.String({ minLength: 1 }),
    Type.String(),
    {
      description: 'Replaces the parameter, all of its values. Templates as in `requestHeaders`; where one is absent the parameter is ' +
        'left out.'
    }
  )),
  add: Type.Optional(Type.Record(
    Type.String({ minLength: 1 }),
    Type.String(),
    { description: 'Adds the parameter beside what is there. Templates as in `requestHeaders`.' }
  )),
  remove: Type.Optional(Type.Array(
    Type.String({ minLength: 1 }),
    { description: 'Takes the parameters out, however the client spells their names.' }
  ))
}, { additionalProperties: false, description: 'Changes parameters of the query before it is forwarded; all others pass byte for byte.' })
