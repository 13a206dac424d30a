// Front door of the apiserver room: the few REST calls to the Kubernetes API that a runner may need, without a Kubernetes client.
export { type ApiServerAccess, type InCluster, inClusterAccess } from './access.ts';
export { getLease, type Lease, type LeaseSpec, updateLease } from './lease.ts';
export { getSecret, type SecretAnswer } from './secret.ts';
export {
  type AccessQuestion,
  type AccessReview,
  selfSubjectAccessReview,
} from './self-subject-access-review.ts';
