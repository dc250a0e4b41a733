import { targets } from './cases/targets.ts'
import { attackTest } from './doors.ts'

attackTest(targets)
