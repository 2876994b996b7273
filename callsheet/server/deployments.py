"""Our deployments on the server."""

from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.exceptions import ObjectNotFound

from callsheet.errors import SetupIncomplete
from callsheet.model.deployed import DEPLOYMENT_NAME
from callsheet.server.connection import address, check_is_prefect


async def deployment_id(client: PrefectClient, flow: str) -> UUID:
    """Our deployment of a flow.

    Raises:
        SetupIncomplete: the server does not know it.
    """
    name = f"{flow}/{DEPLOYMENT_NAME}"
    try:
        return (await client.read_deployment_by_name(name)).id
    except ObjectNotFound as error:
        check_is_prefect(error, client)
        raise SetupIncomplete(
            f"The Prefect server at {address(client)} does not know the deployment {name}; run "
            "`python -m deployments.apply` in the checkout with PREFECT_API_URL set to it.",
            missing=name,
        ) from None
