// Front door of the apiserver room: the few REST calls to the Kubernetes API that a runner may need, without a Kubernetes client.
export { type ApiServerAccess, type InCluster, inClusterAccess } from './access.ts';
export {
  type AccessQuestion,
  type AccessReview,
  selfSubjectAccessReview,
} from './self-subject-access-review.ts';
