package io.jobstarter.sample.projection;

import java.util.Optional;

import jakarta.persistence.LockModeType;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;

interface GithubIssues extends JpaRepository<GithubIssue, Long> {

	@Lock(LockModeType.PESSIMISTIC_WRITE)
	Optional<GithubIssue> findWithLockById(Long id);

}
