"""The calls of the Open Platform that we use: the whole list, so that it can be seen that none of them pays."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Api:
    """A call's namespace and name; the namespace doesn't always follow from the name."""

    namespace: str
    name: str


OFFER_DETAIL = Api("com.alibaba.fenxiao.crossborder", "product.search.queryProductDetail")
OFFER_SIMPLE = Api("com.alibaba.product", "alibaba.product.simple.get")
PREVIEW = Api("com.alibaba.trade", "alibaba.createOrder.preview")
CREATE = Api("com.alibaba.trade", "alibaba.trade.fastCreateOrder")
ORDER_LIST = Api("com.alibaba.trade", "alibaba.trade.getBuyerOrderList")
ORDER_DETAIL = Api("com.alibaba.trade", "alibaba.trade.get.buyerView")
CANCEL = Api("com.alibaba.trade", "alibaba.trade.cancel")
LOGISTICS = Api("com.alibaba.logistics", "alibaba.trade.getLogisticsInfos.buyerView")
