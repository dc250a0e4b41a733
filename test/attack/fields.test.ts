import { fields } from './cases/fields.ts'
import { attackTest } from './doors.ts'

attackTest(fields)
