package asl

import "strings"

// integrations are the optimised integrations: of each service its actions, and
// of each action, behind a space, the patterns that it has beside
// request-response: s .sync, 2 .sync:2, t .waitForTaskToken (AWS documentation,
// "Integrating services with Step Functions").
var integrations = table(`
apigateway: invoke t
athena: startQueryExecution s, stopQueryExecution, getQueryExecution, getQueryResults
batch: submitJob s
bedrock: invokeModel t, createModelCustomizationJob s
codebuild: startBuild s, stopBuild, batchDeleteBuilds, batchGetReports, startBuildBatch s, stopBuildBatch, retryBuildBatch s, deleteBuildBatch
databrew: startJobRun s
dynamodb: getItem, putItem, updateItem, deleteItem
ecs: runTask st
eks: createCluster s, deleteCluster s, createNodegroup s, deleteNodegroup s, createFargateProfile s, deleteFargateProfile s, call, runJob s
elasticmapreduce: createCluster s, terminateCluster s, addStep s, cancelStep, setClusterTerminationProtection, modifyInstanceFleetByName, modifyInstanceGroupByName
emr-containers: createVirtualCluster, deleteVirtualCluster s, startJobRun s
emr-serverless: createApplication s, startApplication s, stopApplication s, deleteApplication s, startJobRun s, cancelJobRun s
events: putEvents t
glue: startJobRun s
http: invoke
lambda: invoke t
mediaconvert: createJob s
sagemaker: createTrainingJob s, createTransformJob s, createProcessingJob s, createHyperParameterTuningJob s, createLabelingJob s, createModel, createEndpointConfig, createEndpoint, updateEndpoint
sns: publish t
sqs: sendMessage t
states: startExecution s2t
`)

// readers and writers are the integrations that an ItemReader and a ResultWriter
// have, and Tasks do not.
var (
	readers = table("s3: getObject, listObjectsV2")
	writers = table("s3: putObject")
)

// sdkPrefix is what the services of AWS's SDK are named behind in a Resource.
// They have all their actions, as request-response or with a task token.
const sdkPrefix = "aws-sdk:"

func table(text string) map[string]map[string]string {
	services := map[string]map[string]string{}
	for line := range strings.Lines(strings.TrimSpace(text)) {
		service, rest, _ := strings.Cut(strings.TrimSpace(line), ": ")
		actions := map[string]string{}
		for _, entry := range strings.Split(rest, ", ") {
			action, patterns, _ := strings.Cut(entry, " ")
			actions[action] = patterns
		}
		services[service] = actions
	}
	return services
}

// has tells whether a service has an action with a pattern.
func has(services map[string]map[string]string, r Resource) bool {
	patterns, ok := services[r.Service][r.API]
	switch r.Pattern {
	case Sync:
		return ok && strings.Contains(patterns, "s")
	case Sync2:
		return ok && strings.Contains(patterns, "2")
	case WaitForTaskToken:
		return ok && strings.Contains(patterns, "t")
	case RequestResponse:
	}
	return ok
}

// isSDK tells whether a Resource can be a call of AWS's SDK; actions begin with
// a small letter.
func isSDK(r Resource) bool {
	service, ok := strings.CutPrefix(r.Service, sdkPrefix)
	small := r.API != "" && r.API[0] >= 'a' && r.API[0] <= 'z' && !strings.Contains(r.API, ".")
	return ok && service != "" && small && (r.Pattern == RequestResponse || r.Pattern == WaitForTaskToken)
}

// isKnownSDKService tells whether an SDK service's name is among those known
// when this was written. AWS adds some every quarter.
func isKnownSDKService(service string) bool { return sdkServices[service] }

var sdkServices = func() map[string]bool {
	known := map[string]bool{}
	for _, name := range strings.Fields(sdkServiceNames) {
		known[name] = true
	}
	return known
}()

// sdkServiceNames are the services of AWS's SDK for Java 2, as Resources name
// them (AWS documentation, "AWS SDK service integrations").
const sdkServiceNames = `
accessanalyzer account acm acmpca aiops amp amplify amplifybackend amplifyuibuilder apigateway apigatewaymanagementapi
apigatewayv2 appconfig appconfigdata appfabric appflow appintegrations applicationautoscaling applicationcostprofiler
applicationdiscovery applicationinsights applicationsignals appmesh apprunner appstream appsync arczonalshift artifact athena
auditmanager autoscaling autoscalingplans b2bi backup backupgateway backupsearch batch bcmdataexports
bcmpricingcalculator bedrock bedrockagent bedrockagentcore bedrockagentcorecontrol bedrockagentruntime
bedrockdataautomation bedrockdataautomationruntime bedrockruntime billing billingconductor braket budgets
chatbot chime chimesdkidentity chimesdkmediapipelines chimesdkmeetings chimesdkmessaging chimesdkvoice cleanrooms
cleanroomsml cloud9 cloudcontrol clouddirectory cloudformation cloudfront cloudfrontkeyvaluestore cloudhsm cloudhsmv2
cloudsearch cloudsearchdomain cloudtrail cloudtraildata cloudwatch cloudwatchevents cloudwatchlogs codeartifact codebuild
codecatalyst codecommit codeconnections codedeploy codegurureviewer codegurusecurity codeguruprofiler codepipeline
codestar codestarconnections codestarnotifications cognitoidentity cognitoidentityprovider cognitosync comprehend
comprehendmedical computeoptimizer config connect connectcampaigns connectcampaignsv2 connectcases connectcontactlens
connectparticipant controlcatalog controltower costandusagereport costexplorer costoptimizationhub customerprofiles
databasemigration databrew dataexchange datapipeline datasync datazone dax deadline detective devicefarm devopsguru
directconnect directory directoryservice directoryservicedata dlm docdb docdbelastic drs dsql dynamodb dynamodbstreams ebs
ec2 ec2instanceconnect ecr ecrpublic ecs efs eks eksauth elasticache elasticbeanstalk elasticinference
elasticloadbalancing elasticloadbalancingv2 elasticsearch elastictranscoder emr emrcontainers emrserverless
entityresolution eventbridge evidently evs finspace finspacedata firehose fis fms forecast forecastquery frauddetector
freetier fsx gamelift gameliftstreams geomaps geoplaces georoutes glacier globalaccelerator glue grafana greengrass
greengrassv2 groundstation guardduty health healthlake honeycode iam identitystore imagebuilder inspector inspector2
inspectorscan internetmonitor invoicing iot iotanalytics iotdataplane iotdeviceadvisor iotevents ioteventsdata iotfleethub
iotfleetwise iotjobsdataplane iotmanagedintegrations iotsecuretunneling iotsitewise iotthingsgraph iottwinmaker iotwireless
ivs ivschat ivsrealtime kafka kafkaconnect kendra kendraranking keyspaces keyspacesstreams kinesis kinesisanalytics
kinesisanalyticsv2 kinesisvideo kinesisvideoarchivedmedia kinesisvideomedia kinesisvideosignaling
kinesisvideowebrtcstorage kms lakeformation lambda launchwizard lexmodelbuilding lexmodelsv2 lexruntime lexruntimev2
licensemanager licensemanagerlinuxsubscriptions licensemanagerusersubscriptions lightsail location lookoutequipment
lookoutmetrics lookoutvision m2 machinelearning macie macie2 mailmanager managedblockchain managedblockchainquery
marketplaceagreement marketplacecatalog marketplacecommerceanalytics marketplacedeployment marketplaceentitlement
marketplacemetering marketplacereporting mediaconnect mediaconvert medialive mediapackage mediapackagev2 mediapackagevod
mediastore mediastoredata mediatailor medicalimaging memorydb mgn migrationhub migrationhubconfig
migrationhuborchestrator migrationhubrefactorspaces migrationhubstrategy mobile mpa mq mturk mwaa neptune neptunedata
neptunegraph networkfirewall networkflowmonitor networkmanager networkmonitor notifications notificationscontacts oam
observabilityadmin odb omics opensearch opensearchserverless opsworks opsworkscm organizations osis outposts panorama
partnercentralselling paymentcryptography paymentcryptographydata pcaconnectorad pcaconnectorscep pcs personalize
personalizeevents personalizeruntime pi pinpoint pinpointemail pinpointsmsvoice pinpointsmsvoicev2 pipes polly pricing
privatenetworks proton qapps qbusiness qconnect qldb qldbsession quicksight ram rbin rds rdsdata redshift redshiftdata
redshiftserverless rekognition repostspace resiliencehub resourceexplorer2 resourcegroups resourcegroupstaggingapi
robomaker rolesanywhere route53 route53domains route53profiles route53recoverycluster route53recoverycontrolconfig
route53recoveryreadiness route53resolver rum s3 s3control s3outposts s3tables s3vectors sagemaker sagemakera2iruntime
sagemakeredge sagemakerfeaturestoreruntime sagemakergeospatial sagemakermetrics sagemakerruntime savingsplans scheduler
schemas secretsmanager securityhub securityir securitylake serverlessapplicationrepository servicecatalog
servicecatalogappregistry servicediscovery servicequotas ses sesv2 sfn shield signer simspaceweaver sms
snowball snowdevicemanagement sns socialmessaging sqs ssm ssmcontacts ssmguiconnect ssmincidents ssmquicksetup ssmsap
sso ssoadmin ssooidc storagegateway sts supplychain support supportapp swf synthetics taxsettings textract
timestreaminfluxdb timestreamquery timestreamwrite tnb transcribe transfer translate trustedadvisor verifiedpermissions
voiceid vpclattice waf wafregional wafv2 wellarchitected wisdom workdocs worklink workmail workmailmessageflow workspaces
workspacesinstances workspacesthinclient workspacesweb xray
`
