import { serve } from '../stand-in.ts'
import { createService } from './service.ts'

serve(createService)
