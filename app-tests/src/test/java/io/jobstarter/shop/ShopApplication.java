package io.jobstarter.shop;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * The shop.
 */
@SpringBootApplication
public class ShopApplication {

}
