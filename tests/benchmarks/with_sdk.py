"""Sends all of a table with a platform's official SDK: `python with_sdk.py <sdk> <address> <warehouse>`.

What a careful user writes: rows are read in batches, normalised and hashed by the SDK's own helpers, and sent
over one connection, the way the SDK does it. It keeps no record of what was sent.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import duckdb

# The most members that Meta and Google take in a request.
_BATCH = 10_000
_SQL = "select email, phone from people where country = 'GB'"

Rows = list[tuple[str, str]]


def batches(warehouse: str) -> Iterator[Rows]:
    """The members, never all of them at once."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        result = connection.execute(_SQL)
        while rows := result.fetchmany(_BATCH):
            yield rows


def facebook(address: str, warehouse: str) -> None:
    """By facebook-business: `add_users` cleans and hashes."""
    from facebook_business.adobjects.customaudience import CustomAudience
    from facebook_business.api import FacebookAdsApi
    from facebook_business.session import FacebookSession

    FacebookSession.GRAPH = f"http://{address}"
    api = FacebookAdsApi.init(access_token="token", crash_log=False)  # noqa: S106 - nobody checks it
    keys = CustomAudience.Schema.MultiKeySchema
    audience = CustomAudience("1", api=api)
    for rows in batches(warehouse):
        audience.add_users(schema=[keys.email, keys.phone], users=rows, is_raw=True)


def google(address: str, warehouse: str) -> None:
    """By google-ads-datamanager, with the formatter of google-ads-datamanager-util.

    It speaks gRPC, as it does unless it is told otherwise; by HTTP it takes 1.7 times as much processor time.
    """
    import grpc
    from google.ads import datamanager_v1 as datamanager
    from google.ads.datamanager_util.format import Encoding, Formatter
    from google.ads.datamanager_v1.services.ingestion_service.transports import IngestionServiceGrpcTransport

    formatter = Formatter()
    account = datamanager.ProductAccount(
        account_type=datamanager.ProductAccount.AccountType.GOOGLE_ADS, account_id="1234567890"
    )
    destination = datamanager.Destination(operating_account=account, product_destination_id="1")
    accepted = datamanager.TermsOfServiceStatus.ACCEPTED
    terms = datamanager.TermsOfService(customer_match_terms_of_service_status=accepted)

    def member(email: str, phone: str) -> datamanager.AudienceMember:
        hashed = (
            datamanager.UserIdentifier(email_address=formatter.process_email_address(email, Encoding.HEX)),
            datamanager.UserIdentifier(phone_number=formatter.process_phone_number(phone, Encoding.HEX)),
        )
        return datamanager.AudienceMember(user_data=datamanager.UserData(user_identifiers=hashed))

    # Without TLS and without a login, since the stand-in has neither.
    transport = IngestionServiceGrpcTransport(channel=grpc.insecure_channel(address))
    with datamanager.IngestionServiceClient(transport=transport) as client:
        jobs = []
        for rows in batches(warehouse):
            request = datamanager.IngestAudienceMembersRequest(
                destinations=[destination],
                audience_members=[member(*row) for row in rows],
                encoding=datamanager.Encoding.HEX,
                terms_of_service=terms,
            )
            jobs.append(client.ingest_audience_members(request).request_id)
        for job in jobs:
            client.retrieve_request_status(datamanager.RetrieveRequestStatusRequest(request_id=job))


if __name__ == "__main__":
    sdk, where, path = sys.argv[1:]
    {"facebook": facebook, "google": google}[sdk](where, path)
