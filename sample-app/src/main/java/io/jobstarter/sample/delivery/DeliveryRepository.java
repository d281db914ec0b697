package io.jobstarter.sample.delivery;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.persistence.LockModeType;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

interface DeliveryRepository extends JpaRepository<Delivery, UUID> {

	@Lock(LockModeType.PESSIMISTIC_WRITE)
	Optional<Delivery> findWithLockById(UUID id);

	/**
	 * Counts a redelivery.
	 * @param id the delivery's id
	 * @return 1, or 0 if there is no such delivery: then it is none
	 */
	@Modifying
	@Query("update Delivery d set d.duplicates = d.duplicates + 1 where d.id = :id")
	int countDuplicate(UUID id);

	@Query("""
			select new io.jobstarter.sample.delivery.DeliveryView(
				d.id, d.event, d.status, d.receivedAt, d.processedAt, d.duplicates)
			from Delivery d where d.id = :id""")
	Optional<DeliveryView> findView(UUID id);

	@Query("""
			select new io.jobstarter.sample.delivery.EventSummary(
				d.event,
				count(d),
				sum(case when d.status = DeliveryStatus.PROCESSED then 1L else 0L end),
				sum(case when d.status = DeliveryStatus.IGNORED then 1L else 0L end),
				sum(case when d.status = DeliveryStatus.WAITING then 1L else 0L end),
				sum(cast(d.duplicates as Long)))
			from Delivery d group by d.event order by d.event""")
	List<EventSummary> summarize();

}
