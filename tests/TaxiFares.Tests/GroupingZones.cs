namespace TaxiFares.Tests;

/// <summary>Each zone is where the commission's zone table says.</summary>
public sealed class GroupingZones
{
    // The boroughs of zones 1 to 265 in the published table, 50 a line: (E)WR, (Q)ueens, Bron(X), (M)anhattan, (S)taten
    // Island, (B)rooklyn, (U)nknown.
    private const string Boroughs =
        "EQXMSSQQQQBMMBQQBXQXBBSMBBQQBQXXBBBBBQBBMMMSMXXMBM" +
        "XBQBBQQXXXBBBQBBBMXQBBQMMBBXMBXQQSBQMMBMBQQXQQBQSM" +
        "QQMMMBMBSSBBMMSMQSXMQQBQMXMMQQQQBQQXMQQMMMMMQQXMBB" +
        "MMMBBSQMXQMMMMBMXXXMQSQXQSBBQQBXXXXMSBBBQQQMBQQQXX" +
        "QMQSQSQXMBMXXSQQBQQXSBQMBQBBMMMMMMXMMMMXXXMMSMXXMX" +
        "SQQXBBBQXQMMMUU";

    [Fact]
    public void EveryZoneIsInTheBoroughOfThePublishedTable() =>
        Assert.Equal(Boroughs,
            string.Concat(Enumerable.Range(1, Zones.Last).Select(zone => Letter(Zones.GroupOf(zone)))));

    [Theory]
    [InlineData(ZoneGroup.Manhattan, 69)]
    [InlineData(ZoneGroup.Bronx, 43)]
    [InlineData(ZoneGroup.Brooklyn, 61)]
    [InlineData(ZoneGroup.StatenIsland, 20)]
    [InlineData(ZoneGroup.Queens, 67)]
    [InlineData(ZoneGroup.Jfk, 1)]
    [InlineData(ZoneGroup.LaGuardia, 1)]
    [InlineData(ZoneGroup.Newark, 1)]
    [InlineData(ZoneGroup.Unknown, 2)]
    public void AGroupHasSoManyZones(ZoneGroup group, int zones) =>
        Assert.Equal(zones, Enumerable.Range(1, Zones.Last).Count(zone => Zones.GroupOf(zone) == group));

    [Theory]
    [InlineData(1, ZoneGroup.Newark)]
    [InlineData(132, ZoneGroup.Jfk)]
    [InlineData(138, ZoneGroup.LaGuardia)]
    [InlineData(264, ZoneGroup.Unknown)]
    [InlineData(265, ZoneGroup.Unknown)]
    [InlineData(0, ZoneGroup.Unknown)]
    [InlineData(266, ZoneGroup.Unknown)]
    [InlineData(-1, ZoneGroup.Unknown)]
    public void AirportsAreGroupsOfTheirOwnAndOtherNumbersAreUnknown(int zone, ZoneGroup group) =>
        Assert.Equal(group, Zones.GroupOf(zone));

    private static char Letter(ZoneGroup group) => group switch
    {
        ZoneGroup.Manhattan => 'M',
        ZoneGroup.Bronx => 'X',
        ZoneGroup.Brooklyn => 'B',
        ZoneGroup.Queens or ZoneGroup.Jfk or ZoneGroup.LaGuardia => 'Q',
        ZoneGroup.StatenIsland => 'S',
        ZoneGroup.Newark => 'E',
        _ => 'U',
    };
}
