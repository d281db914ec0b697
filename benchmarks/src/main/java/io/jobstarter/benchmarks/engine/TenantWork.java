package io.jobstarter.benchmarks.engine;

/**
 * What a tenant has to do, in a queue that tenants share.
 *
 * @param work what counts it
 * @param tenant whose it is
 * @param millis how long it takes
 */
public record TenantWork(Work work, String tenant, int millis) {
}
