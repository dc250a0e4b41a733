import { hops } from './cases/hops.ts'
import { attackTest } from './doors.ts'

attackTest(hops)
