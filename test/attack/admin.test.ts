import { admin } from './cases/admin.ts'
import { attackTest, openDoor } from './doors.ts'

attackTest(admin, openDoor, gateway => gateway.admin)
