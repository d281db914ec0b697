package io.jobstarter.store.jdbc;

/**
 * Rows that are past their retention.
 *
 * @param find selects and locks the ids of {@code :limit} of them
 * @param delete deletes the rows {@code :ids} of what was found
 * @param age {@code :retention}, in microseconds
 */
record OldRows(String find, String delete, long age) {
}
