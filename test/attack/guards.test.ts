import { guardedDoor, guards } from './cases/guards.ts'
import { attackTest, upstream } from './doors.ts'

attackTest(guards, url => guardedDoor(upstream(url)))
