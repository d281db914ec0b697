package io.jobstarter.autoconfigure;

import java.util.List;

import io.jobstarter.maintenance.MaintenanceDuty;

/**
 * What a node does periodically about recurring jobs.
 *
 * @param duties the duties, in their order
 */
record RecurringDuties(List<MaintenanceDuty> duties) {
}
