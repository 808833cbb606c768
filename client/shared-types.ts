// The types that the schemas of the functions' requests and their answers have; types alone, so no code of shared gets here.
export type {
  DownloadRequest,
  FormRequest,
  ListRequest,
  StsRequest,
} from '../shared/rules/requests'
export type { RuleDescription } from '../shared/urls/describe-rules'
