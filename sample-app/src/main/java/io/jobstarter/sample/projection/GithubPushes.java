package io.jobstarter.sample.projection;

import java.util.UUID;

import org.springframework.data.jpa.repository.JpaRepository;

interface GithubPushes extends JpaRepository<GithubPush, UUID> {

}
